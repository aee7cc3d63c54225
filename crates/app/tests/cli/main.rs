//! The real binary: exit code, standard output and standard error together, one module per command.

mod advisories;
mod advisory_sync;
mod audit;
mod config;
mod databases;
mod demo;
#[path = "../feeds/mod.rs"]
mod feeds;
mod gate;
mod guide;
mod independent;
mod kills;
mod matching;
mod policy;
mod push;
mod read;
mod releases;
mod serve;
mod shipworthy;
mod verify;
