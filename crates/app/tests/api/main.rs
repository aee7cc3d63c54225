//! The API in process, one module per noun: whole answers, on SQLite and on PostgreSQL.

mod deployments;
mod health;
mod people;
mod permissions;
mod portfolio;
mod releases;
mod test_app;
