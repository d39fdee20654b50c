//! Pages and plots of searches, as they are read: their structure, their escapes and their sizes.

mod browser;
mod demo;
mod escapes;
mod pages;
mod stages;
mod strange;
