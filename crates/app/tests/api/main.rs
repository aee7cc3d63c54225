//! The API in process, one module per noun: whole answers, on SQLite and on PostgreSQL.

mod health;
mod people;
mod permissions;
mod test_app;
