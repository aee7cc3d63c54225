//! Shipworthy: is this release worthy to ship there, now, and can you prove it?
//!
//! The one binary: server, command line and web UI. `api` has a file per noun, `cli` a file per command; what a
//! handler or command does beyond conversion is a verb, a plain function in a file beside them.

mod advisory_parts;
mod answers;
pub mod api;
pub mod app;
mod attempts;
pub mod builtin;
pub mod caller;
pub mod ci;
pub mod cli;
pub mod client;
pub mod clock;
mod comparison;
mod correlate;
pub mod current;
pub mod dbom;
pub mod decide;
mod demo;
pub mod deploy;
pub mod events;
pub mod excuse;
mod exposure;
mod extract;
pub mod gather;
pub mod govern;
mod ingest;
mod learn;
mod locate;
pub mod metrics;
pub mod own_formats;
pub mod page;
mod password;
pub mod people;
pub mod portfolio;
pub mod problem;
pub mod reach;
pub mod register;
mod remedy;
mod remembered;
pub mod replay;
pub mod risk;
mod sbom;
pub mod server;
pub mod settings;
pub mod signing;
pub mod slsa;
mod summary;
mod sync;
mod trend;
pub mod trust;
mod ui;
mod usage;
mod vex;
mod wording;
pub mod worker;
