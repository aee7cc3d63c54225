//! The protocol between the server and the child process in which policies run. The server sends a request, the
//! worker answers; each message is JSON behind its length in four bytes, most significant first.
//!
//! The worker remembers policies by digest. A request may leave a source out; the answer then names those it does not
//! know, and the server sends them along. A worker that dies or says nothing is the server's to replace, and the
//! policies it was asked about are unknown.

use crate::engine::{Compiled, Facts, PolicyResult};
use crate::{Policy, PolicyError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shipworthy_model::Digest;
use std::collections::HashMap;
use std::io::{self, Read, Write};

/// How many bytes a message may have.
const MESSAGE_LIMIT_BYTES: u32 = 64 * 1024 * 1024;
/// How many policies a worker remembers before it begins anew.
const REMEMBERED: usize = 500;

/// What the server asks: every policy over every set of facts. Without facts, whether the policies compile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkRequest {
    /// The policies.
    pub policies: Vec<WorkPolicy>,
    /// The sets of facts, each a JSON document.
    pub inputs: Vec<Box<serde_json::value::RawValue>>,
}

/// One policy of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkPolicy {
    /// The digest of its source.
    pub digest: Digest,
    /// Its source; may be left out when the worker has seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Its parameters, complete.
    pub parameters: Value,
}

/// What the worker answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkResponse {
    /// It does not know the sources with these digests.
    Need(Vec<Digest>),
    /// It is done.
    Done(WorkResults),
    /// The request makes no sense.
    Refused(String),
}

/// The results of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkResults {
    /// For each policy of the request why it does not compile, if it does not.
    pub refusals: Vec<Option<String>>,
    /// For each set of facts the result of each policy, in the order of the request.
    pub results: Vec<Vec<PolicyResult>>,
}

/// Answers requests from `reader` on `writer` until there are no more.
///
/// # Errors
/// When the other side is gone in the middle of a message or sends one that is too large.
pub fn serve(mut reader: impl Read, mut writer: impl Write) -> io::Result<()> {
    let mut known = HashMap::new();
    while let Some(message) = read_message(&mut reader)? {
        let response = match serde_json::from_slice(&message) {
            Ok(request) => answer(&mut known, request),
            Err(error) => WorkResponse::Refused(format!("the request is not understood: {error}")),
        };
        writer.write_all(&encode(&response)?)?;
        writer.flush()?;
    }
    Ok(())
}

/// A message with its length in front.
///
/// # Errors
/// When it is longer than a message may be.
pub fn encode(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, message)?;
    let length = u32::try_from(bytes.len() - 4).ok().filter(|length| *length <= MESSAGE_LIMIT_BYTES);
    let length = length.ok_or_else(|| too_large((bytes.len() - 4) as u64))?;
    bytes[..4].copy_from_slice(&length.to_be_bytes());
    Ok(bytes)
}

/// The length of the message behind these four bytes, for those who read without blocking.
///
/// # Errors
/// When it is longer than a message may be.
pub fn decode_length(bytes: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_be_bytes(bytes);
    if length > MESSAGE_LIMIT_BYTES {
        return Err(too_large(u64::from(length)));
    }
    Ok(length as usize)
}

/// Reads one message, or nothing at the end.
///
/// # Errors
/// When the other side is gone in the middle of a message, or sends one that is too large or not understood.
pub fn decode<T: DeserializeOwned>(reader: impl Read) -> io::Result<Option<T>> {
    match read_message(reader)? {
        Some(message) => Ok(Some(serde_json::from_slice(&message)?)),
        None => Ok(None),
    }
}

fn read_message(mut reader: impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if reader.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    reader.read_exact(&mut length[1..])?;
    let mut message = vec![0; decode_length(length)?];
    reader.read_exact(&mut message)?;
    Ok(Some(message))
}

fn too_large(length: u64) -> io::Error {
    let limit = MESSAGE_LIMIT_BYTES;
    io::Error::new(io::ErrorKind::InvalidData, format!("a message has {length} bytes, at most {limit} are allowed"))
}

type Known = HashMap<Digest, Result<Compiled, String>>;

fn answer(known: &mut Known, request: WorkRequest) -> WorkResponse {
    let WorkRequest { policies, inputs } = request;
    if known.len() + policies.len() > REMEMBERED {
        known.clear();
    }
    for policy in &policies {
        if let Some(source) = policy.source.as_deref().filter(|_| !known.contains_key(&policy.digest)) {
            let digest = Digest::of(source.as_bytes());
            if digest != policy.digest {
                return WorkResponse::Refused(format!("the source of {} has the digest {digest}", policy.digest));
            }
            known.insert(digest, compile(source));
        }
    }
    let unknown = policies.iter().map(|policy| &policy.digest).filter(|digest| !known.contains_key(digest));
    let unknown: Vec<Digest> = unknown.cloned().collect();
    if !unknown.is_empty() {
        return WorkResponse::Need(unknown);
    }
    let refusals = policies.iter().map(|policy| known[&policy.digest].as_ref().err().cloned()).collect();
    let results = inputs.iter().map(|input| evaluate_all(known, &policies, input.get())).collect();
    WorkResponse::Done(WorkResults { refusals, results })
}

fn compile(source: &str) -> Result<Compiled, String> {
    let policy = Policy::parse(source).map_err(|error: PolicyError| error.to_string())?;
    Compiled::new(&policy)
}

fn evaluate_all(known: &Known, policies: &[WorkPolicy], input: &str) -> Vec<PolicyResult> {
    let facts = match serde_json::from_str(input) {
        Ok(json) => Facts::new(json),
        Err(error) => {
            let result = PolicyResult::unknown(vec![format!("the facts are not understood: {error}")]);
            return vec![result; policies.len()];
        }
    };
    let evaluate = |policy: &WorkPolicy| match &known[&policy.digest] {
        Ok(compiled) => compiled.evaluate(&policy.parameters, &facts),
        Err(why) => PolicyResult::unknown(vec![why.clone()]),
    };
    policies.iter().map(evaluate).collect()
}
