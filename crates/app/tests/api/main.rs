//! The API in process, one module per noun: whole answers, on SQLite and on PostgreSQL.

mod advisories;
mod advisory_sync;
mod attestations;
mod audit_flips;
mod audit_log;
mod audit_view;
mod comparison;
mod correlation;
mod dbom;
mod dependencies;
mod deployments;
mod evidence;
mod exceptions;
#[path = "../feeds/mod.rs"]
mod feeds;
mod formats;
mod gate_shop;
mod gates;
mod health;
mod hostile;
mod keys;
mod overview;
mod people;
mod permissions;
mod policies;
mod portfolio;
mod releases;
mod reported;
mod reports;
mod sbom;
mod test_app;
mod trust;
mod upload;
mod vex;
mod whereabouts;
