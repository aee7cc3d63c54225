//! The command line: one file per command. Standard output is data, standard error is talk.

mod advisories;
mod application;
mod assignment;
mod attest;
mod attestation;
mod audit;
mod builder;
mod config;
mod dbom;
mod decision;
mod demo;
mod deployment;
mod environment;
mod exception;
mod format;
mod gate;
mod generate;
mod key;
mod matching;
mod output;
mod policy;
mod policy_worker;
mod push;
mod read;
mod release;
mod release_compare;
pub(crate) mod release_name;
mod release_sbom;
mod report;
mod serve;
mod signer;
mod trust_root;
mod verify;
mod vulnerability;
mod vulnerability_files;
mod whereabouts;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

pub(crate) use output::Failure;

/// Is this release worthy to ship there, now, and can you prove it?
#[derive(Debug, Parser)]
#[command(name = "shipworthy", version, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the web UI.
    Serve(serve::Serve),
    /// Print the settings in force and where each came from.
    Config(config::Config),
    /// Start a fresh server, tell it the story of a shop, and go on serving.
    Demo(demo::Demo),
    /// Look at applications.
    Application(application::Application),
    /// Look at, make and change environments.
    Environment(environment::Environment),
    /// Create, look at, compare and approve releases, and hand on what they are made of.
    Release(release::Release),
    /// Tell of deployments and look at them.
    Deployment(deployment::Deployment),
    /// Hand in documents.
    Push(push::Push),
    /// Read documents without a server.
    Read(read::Read),
    /// Show which documents are read.
    Format(format::Format),
    /// Print what is known of a release, by phase, and what is missing.
    Dbom(dbom::Dbom),
    /// Write a report for an auditor, as data, as a page or as a PDF file.
    Report(report::Report),
    /// Ask whether a release may go to an environment, now.
    Gate(gate::Gate),
    /// Look at decisions and make them again.
    Decision(decision::Decision),
    /// Look at policies, keep new ones, and try them without a server.
    Policy(policy::Policy),
    /// Sign a statement about artifacts, and hand it in or write it to a file.
    Attest(Box<attest::Attest>),
    /// Say of attestations who signed them, and whether that can be believed, without a server.
    Verify(Box<verify::Verify>),
    /// Check what was handed out about a release, without a server.
    VerifyRelease(Box<verify::VerifyRelease>),
    /// Look at the keys with which the server signs, and put new ones in force.
    Key(key::Key),
    /// Put policies into force and take them out of it.
    Assignment(assignment::Assignment),
    /// Say whose signatures can be checked: keys and Sigstore instances.
    TrustRoot(trust_root::TrustRoot),
    /// Say who may sign what for which applications.
    Signer(signer::Signer),
    /// Say which build platforms are trusted, and to what level.
    Builder(builder::Builder),
    /// Ask for exceptions, answer other people's, take them back.
    Exception(exception::Exception),
    /// Say which vulnerabilities the components of inventories have, and why, without a server.
    Match(matching::Match),
    /// Load vulnerability data.
    Advisories(advisories::Advisories),
    /// Show what is known of a vulnerability.
    Vulnerability(vulnerability::Vulnerability),
    /// Say where a vulnerability, a package, a licence or a file is, running deployments first.
    Where(whereabouts::Where),
    /// Check the audit log, keep its checkpoints elsewhere, and hand it on.
    Audit(audit::Audit),
    /// Print the generated files of the repository as one JSON object.
    #[command(hide = true)]
    Generate(generate::Generate),
    /// Answer the server's requests on standard input.
    #[command(hide = true)]
    PolicyWorker(policy_worker::PolicyWorker),
}

/// Runs the command line and gives the exit code: 0 done or allowed, 1 denied or failed, 2 usage, 3 could not decide.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Serve(command) => command.run(),
        Command::Config(command) => command.run(),
        Command::Demo(command) => command.run(),
        Command::Application(command) => command.run(),
        Command::Environment(command) => command.run(),
        Command::Release(command) => command.run(),
        Command::Deployment(command) => command.run(),
        Command::Push(command) => command.run(),
        Command::Read(command) => command.run(),
        Command::Format(command) => command.run(),
        Command::Dbom(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Gate(command) => command.run(),
        Command::Decision(command) => command.run(),
        Command::Policy(command) => command.run(),
        Command::Attest(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::VerifyRelease(command) => command.run(),
        Command::Key(command) => command.run(),
        Command::Assignment(command) => command.run(),
        Command::TrustRoot(command) => command.run(),
        Command::Signer(command) => command.run(),
        Command::Builder(command) => command.run(),
        Command::Exception(command) => command.run(),
        Command::Match(command) => command.run(),
        Command::Advisories(command) => command.run(),
        Command::Vulnerability(command) => command.run(),
        Command::Where(command) => command.run(),
        Command::Audit(command) => command.run(),
        Command::Generate(command) => command.run(),
        Command::PolicyWorker(command) => command.run(),
    };
    output::finish(outcome)
}

/// Every command with its flags, for the generated reference.
#[must_use]
pub fn definition() -> clap::Command {
    use clap::CommandFactory as _;
    Arguments::command()
}
