//! The real binary: exit code, standard output and standard error together, one module per command.

mod config;
mod serve;
mod shipworthy;
