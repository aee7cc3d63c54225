//! Keys and envelopes, good ones and bad ones.

mod envelopes;
mod forms;
mod instance;
mod keys;
mod pkcs8;
mod verify;
