//! Keys and envelopes, good ones and bad ones.

mod envelopes;
mod keys;
mod pkcs8;
