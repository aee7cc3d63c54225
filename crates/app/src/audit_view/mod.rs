//! The audit log as people look for things in it: groups, filters, tables to take along, and packages for auditors.

pub(crate) mod archive;
pub(crate) mod groups;
pub(crate) mod package;
pub(crate) mod question;
pub(crate) mod table;
