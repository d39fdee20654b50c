//! Pages and plots of searches, as they are read: their structure, their escapes and their sizes.

mod browser;
mod colours;
mod demo;
mod devtools;
mod escapes;
mod missing;
mod pages;
mod reader;
mod stages;
mod strange;
