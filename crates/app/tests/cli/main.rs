//! The real binary: exit code, standard output and standard error together, one module per command.

mod advisories;
mod config;
mod demo;
mod first_release;
mod gate;
mod matching;
mod policy;
mod push;
mod read;
mod releases;
mod serve;
mod shipworthy;
