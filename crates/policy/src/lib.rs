//! Facts in, verdict out: what policies see, how they are evaluated, what exceptions excuse, and what it all means.
//!
//! No files, network, database or clock: all of it is given by the caller. Hostile policies can still eat memory or
//! abort the process, so the server runs the worker of this crate in a child process with limits.

pub mod excuse;
pub mod input;
pub mod worker;

mod cases;
mod engine;
mod findings;
mod licenses;
mod metadata;
mod names;
mod parameters;
mod tokens;
mod verdict;

pub use cases::{CaseResult, run_cases};
pub use engine::{Compiled, Facts, PolicyResult, evaluate};
pub use findings::{Exploited, FindingFact, LookedFor, with_findings};
pub use input::{Input, input_schema};
pub use licenses::{ComponentLicense, alternatives, with_licenses};
pub use metadata::{ControlReference, Policy, PolicyError};
pub use parameters::{Items, ObjectKind, Parameter, ParameterKind, Parameters};
pub use verdict::{Assigned, Excuses, NO_POLICY, conclude, verdict};
