//! The questions asked of the store, each on a small world, on SQLite and on PostgreSQL.

mod decisions;
mod deployment;
mod documents;
mod evidence;
mod gate_world;
mod overview;
mod people;
mod portfolio;
mod release;
mod rules;
mod shop;
mod world;
