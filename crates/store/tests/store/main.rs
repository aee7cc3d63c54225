//! The questions asked of the store, each on a small world, on SQLite and on PostgreSQL.

mod people;
mod world;
