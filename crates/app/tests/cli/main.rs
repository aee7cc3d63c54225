//! The real binary: exit code, standard output and standard error together, one module per command.

mod config;
mod demo;
mod gate;
mod policy;
mod first_release;
mod push;
mod read;
mod releases;
mod serve;
mod shipworthy;
