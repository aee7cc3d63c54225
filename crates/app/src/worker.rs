//! The child processes in which policies run. A policy is text of others: it may loop, eat memory or break the
//! engine, and then its process dies, not the server. Policies and facts in, a result for each out.

use shipworthy_model::Digest;
use shipworthy_policy::PolicyResult;
use shipworthy_policy::worker::{WorkPolicy, WorkRequest, WorkResponse, WorkResults, decode_length, encode};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;

/// The hidden subcommand of our own binary that is a worker.
pub const SUBCOMMAND: &str = "policy-worker";
/// How much memory a worker may have.
pub const MEMORY_LIMIT_BYTES: u64 = 512 * 1024 * 1024;
/// How many workers run at once.
const WORKERS: usize = 4;
/// How long a worker may take besides the time of its policies: to start and to compile them.
const TIME_TO_COMPILE: Duration = Duration::from_secs(2);
/// How long one policy may take over one set of facts; its own limit in the worker is a little less.
const TIME_PER_EVALUATION: Duration = Duration::from_millis(300);
/// How long a worker waits for work before it is let go.
const IDLE: Duration = Duration::from_secs(60);

/// The pool of workers. They are started when they are needed.
#[derive(Debug)]
pub struct Workers {
    program: PathBuf,
    permits: Semaphore,
    idle: Mutex<Vec<Worker>>,
}

/// No worker could be started, which is the server's trouble and nobody's policy.
#[derive(Debug, thiserror::Error)]
#[error("no policy worker can be started from `{program}`")]
pub struct NoWorker {
    program: PathBuf,
    source: std::io::Error,
}

impl Workers {
    /// A pool whose workers are `program policy-worker`.
    #[must_use]
    pub fn new(program: PathBuf) -> Arc<Self> {
        Arc::new(Self { program, permits: Semaphore::new(WORKERS), idle: Mutex::new(Vec::new()) })
    }

    /// Evaluates every policy over every set of facts: for each set of facts the results in the order of the policies.
    /// When a worker dies or is stopped, each policy is asked alone, so that one bad policy makes no other unknown.
    ///
    /// # Errors
    /// When no worker can be started.
    pub async fn evaluate(
        self: &Arc<Self>,
        policies: &[WorkPolicy],
        inputs: &[Box<serde_json::value::RawValue>],
    ) -> Result<Vec<Vec<PolicyResult>>, NoWorker> {
        if policies.is_empty() {
            return Ok(vec![Vec::new(); inputs.len()]);
        }
        if let Ok(done) = self.ask(policies, inputs).await? {
            return Ok(done.results);
        }
        let mut results: Vec<Vec<PolicyResult>> = vec![Vec::new(); inputs.len()];
        for policy in policies {
            let alone = match self.ask(std::slice::from_ref(policy), inputs).await? {
                Ok(done) => done.results,
                Err(end) => vec![vec![PolicyResult::unknown(vec![end.to_string()])]; inputs.len()],
            };
            for (of_input, of_policy) in results.iter_mut().zip(alone) {
                of_input.extend(of_policy);
            }
        }
        Ok(results)
    }

    /// Why a source does not compile; nothing when it does.
    ///
    /// # Errors
    /// When no worker can be started.
    pub async fn refusal(self: &Arc<Self>, policy: WorkPolicy) -> Result<Option<String>, NoWorker> {
        Ok(match self.ask(&[policy], &[]).await? {
            Ok(done) => done.refusals.into_iter().next().flatten(),
            Err(end) => Some(end.to_string()),
        })
    }

    async fn ask(
        self: &Arc<Self>,
        policies: &[WorkPolicy],
        inputs: &[Box<serde_json::value::RawValue>],
    ) -> Result<Result<WorkResults, WorkerEnd>, NoWorker> {
        // The semaphore is never closed, so waiting for it cannot fail; without a permit the work is done all the same.
        let _permit = self.permits.acquire().await.ok();
        let mut worker = match self.take_idle() {
            Some(worker) => worker,
            None => self.start()?,
        };
        let evaluations = u32::try_from(policies.len() * inputs.len().max(1)).unwrap_or(u32::MAX);
        let limit = TIME_TO_COMPILE + TIME_PER_EVALUATION.saturating_mul(evaluations);
        let outcome = tokio::time::timeout(limit, worker.work(policies, inputs)).await;
        let end = match outcome {
            Ok(Ok(done)) => {
                self.keep(worker);
                return Ok(Ok(done));
            }
            Ok(Err(error)) => {
                tracing::warn!(cause = %error, "a policy worker died");
                WorkerEnd::Died
            }
            Err(_) => {
                tracing::warn!(limit_seconds = limit.as_secs_f64(), "a policy worker took too long and was stopped");
                WorkerEnd::Stopped(limit)
            }
        };
        // Dropping it kills it.
        drop(worker);
        Ok(Err(end))
    }

    fn take_idle(&self) -> Option<Worker> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn keep(self: &Arc<Self>, mut worker: Worker) {
        worker.idle_since = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(worker);
        if idle.len() == 1 {
            tokio::spawn(let_go(Arc::downgrade(self)));
        }
    }

    fn start(&self) -> Result<Worker, NoWorker> {
        let failed = |source| NoWorker { program: self.program.clone(), source };
        let mut child = Command::new(&self.program)
            .arg(SUBCOMMAND)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let missing = || failed(std::io::Error::other("it has no standard streams"));
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        Ok(Worker { _child: child, input, output, idle_since: Instant::now() })
    }
}

/// Lets workers go that wait too long. Ends when nobody waits.
async fn let_go(workers: Weak<Workers>) {
    loop {
        tokio::time::sleep(IDLE / 4).await;
        let Some(workers) = workers.upgrade() else { return };
        let mut idle = workers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|worker| worker.idle_since.elapsed() < IDLE);
        if idle.is_empty() {
            return;
        }
    }
}

/// How a worker ended that did not answer.
#[derive(Debug, thiserror::Error)]
enum WorkerEnd {
    #[error(
        "the policy could not be evaluated: it used more than {} MiB of memory or broke its worker",
        MEMORY_LIMIT_BYTES / 1024 / 1024
    )]
    Died,
    #[error("the policy could not be evaluated: it took longer than {:.1} seconds", .0.as_secs_f64())]
    Stopped(Duration),
}

#[derive(Debug)]
struct Worker {
    _child: Child,
    input: ChildStdin,
    output: ChildStdout,
    idle_since: Instant,
}

impl Worker {
    /// Asks with digests alone, and once more with the sources that the worker does not know.
    async fn work(
        &mut self,
        policies: &[WorkPolicy],
        inputs: &[Box<serde_json::value::RawValue>],
    ) -> std::io::Result<WorkResults> {
        let known = |policy: &WorkPolicy| WorkPolicy { source: None, ..policy.clone() };
        let mut request = WorkRequest { policies: policies.iter().map(known).collect(), inputs: inputs.to_vec() };
        let unknown: Vec<Digest> = match self.exchange(&request).await? {
            WorkResponse::Done(results) => return Ok(results),
            WorkResponse::Refused(why) => return Err(std::io::Error::other(why)),
            WorkResponse::Need(digests) => digests,
        };
        for (sent, policy) in request.policies.iter_mut().zip(policies) {
            if unknown.contains(&policy.digest) {
                sent.source.clone_from(&policy.source);
            }
        }
        match self.exchange(&request).await? {
            WorkResponse::Done(results) => Ok(results),
            WorkResponse::Refused(why) => Err(std::io::Error::other(why)),
            WorkResponse::Need(_) => Err(std::io::Error::other("it asks for sources that were sent")),
        }
    }

    async fn exchange(&mut self, request: &WorkRequest) -> std::io::Result<WorkResponse> {
        self.input.write_all(&encode(request)?).await?;
        self.input.flush().await?;
        let mut length = [0; 4];
        self.output.read_exact(&mut length).await?;
        let mut message = vec![0; decode_length(length)?];
        self.output.read_exact(&mut message).await?;
        Ok(serde_json::from_slice(&message)?)
    }
}

/// What the hidden subcommand does: limits itself and answers requests until its input ends.
///
/// # Errors
/// When the limits cannot be set or the other side is gone in the middle of a message.
pub fn run() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, limit(MEMORY_LIMIT_BYTES))?;
    // A policy that breaks its worker leaves no image of the facts on the disk.
    setrlimit(Resource::Core, limit(0))?;
    shipworthy_policy::worker::serve(std::io::stdin().lock(), std::io::stdout().lock())
}
