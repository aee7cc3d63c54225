//! The questions asked of the store, each on a small world, on SQLite and on PostgreSQL.

mod deployment;
mod evidence;
mod people;
mod portfolio;
mod release;
mod shop;
mod world;
