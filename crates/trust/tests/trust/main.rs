//! Keys, envelopes, builds and summaries, good ones and bad ones.

mod builds;
mod canonical;
mod checkpoints;
mod cloud_build;
mod envelopes;
mod forms;
mod instance;
mod keys;
mod merkle;
mod pkcs8;
mod provenance;
mod slsa;
mod summaries;
mod verify;
