//! Data of other programs' arrays and tables, under the features of the same names.

mod arrays;
mod batches;
mod ipc;
mod npy;
mod parquet;
mod results;
