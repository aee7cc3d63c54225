//! Shipworthy: is this release worthy to ship there, now, and can you prove it?
//!
//! The one binary: server, command line and web UI. `api` has a file per noun, `cli` a file per command; what a
//! handler or command does beyond conversion is a verb, a plain function in a file beside them.

pub mod api;
pub mod app;
mod attempts;
pub mod caller;
pub mod ci;
pub mod cli;
pub mod client;
pub mod clock;
pub mod dbom;
pub mod deploy;
pub mod events;
mod extract;
mod ingest;
pub mod metrics;
pub mod page;
mod password;
pub mod people;
pub mod portfolio;
pub mod problem;
pub mod register;
pub mod server;
pub mod settings;
mod ui;
mod wording;
