//! The `dropgrid` command as its users run it: the real binary, on real files.

mod browser;
mod continued;
mod curves;
mod damaged;
mod data;
mod escapes;
mod human;
mod predict;
mod report;
mod running;
mod serve;
mod support;
mod watch;
