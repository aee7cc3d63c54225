//! The nouns in SQL, the documents in an object store. The only crate that speaks SQL.
//!
//! One file per noun, plain functions that take a [`Session`]. The same SQL text runs on SQLite and PostgreSQL;
//! what differs between the two is in `db.rs`, `session.rs` and `value.rs` alone.

pub mod advisory;
pub mod advisory_alias;
pub mod advisory_source;
pub mod advisory_sync;
pub mod advisory_vulnerability;
pub mod application;
pub mod approval;
pub mod assignment;
pub mod audit;
pub mod component;
pub mod component_search;
mod db;
pub mod decision;
pub mod deployment;
pub mod document;
pub mod documents;
pub mod environment;
mod error;
pub mod evidence;
pub mod exception;
pub mod exploitability;
pub mod facts;
pub mod finding;
mod finding_match;
pub mod format;
pub mod gate_finding;
pub mod generation;
pub mod inventory;
pub mod known_exploited;
mod migrations;
mod number_set;
pub mod overview;
pub mod place;
pub mod policy;
pub mod redecision;
pub mod release;
pub mod service;
mod session;
pub mod stamp;
pub mod team;
pub mod token;
pub mod user;
pub mod user_session;
mod value;
pub mod visibility;
pub mod vulnerability_match;
pub mod whereabouts;

pub use db::Db;
pub use error::StoreError;
pub use number_set::NumberSet;
pub use session::{Column, Session};
pub use value::{Arg, Columns, Readable, Row};
pub use visibility::Visibility;
