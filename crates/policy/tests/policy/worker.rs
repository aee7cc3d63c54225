//! The protocol of the worker, spoken over bytes in memory.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use shipworthy_model::{Digest, Outcome};
use shipworthy_policy::worker::{WorkPolicy, WorkRequest, WorkResponse, decode, decode_length, encode, serve};

const POLICY: &str = include_str!("../../../../policies/minimum-coverage/policy.rego");

/// Sends requests to a new worker and returns its answers.
fn talk(requests: &[WorkRequest]) -> Vec<WorkResponse> {
    let sent: Vec<u8> = requests.iter().flat_map(|request| encode(request).expect("is short enough")).collect();
    answers(&sent)
}

fn answers(sent: &[u8]) -> Vec<WorkResponse> {
    let mut received = Vec::new();
    serve(sent, &mut received).expect("the worker ends well");
    let mut rest = received.as_slice();
    std::iter::from_fn(|| decode(&mut rest).expect("an answer is understood")).collect()
}

fn request(source: Option<&str>, digest: &Digest, inputs: &[Value]) -> WorkRequest {
    let parameters = json!({ "line_percent": 70, "branch_percent": 0 });
    let raw = |input: &Value| RawValue::from_string(input.to_string()).expect("is JSON");
    let policy = WorkPolicy { digest: digest.clone(), source: source.map(str::to_owned), parameters };
    WorkRequest { policies: vec![policy], inputs: inputs.iter().map(raw).collect() }
}

#[test]
fn a_worker_asks_for_a_source_once_and_then_remembers_it() {
    let digest = Digest::of(POLICY.as_bytes());
    let covered = |percent: u64| json!({ "build": { "coverage": { "line_percent": percent } } });
    let answers = talk(&[
        request(None, &digest, &[covered(10)]),
        request(Some(POLICY), &digest, &[]),
        request(None, &digest, &[covered(10), covered(90), json!({})]),
    ]);
    assert_eq!(answers[0], WorkResponse::Need(vec![digest]));
    let outcomes = |answer: &WorkResponse| match answer {
        WorkResponse::Done(done) => {
            assert_eq!(done.refusals, [None]);
            done.results.iter().map(|results| results[0].outcome).collect::<Vec<_>>()
        }
        other => panic!("expected results, but got {other:?}"),
    };
    assert_eq!(outcomes(&answers[1]), []);
    assert_eq!(outcomes(&answers[2]), [Outcome::Fail, Outcome::Pass, Outcome::Unknown]);
}

#[test]
fn a_policy_that_does_not_compile_is_refused_and_unknown() {
    let broken = POLICY.replace("violations contains violation if {", "violations contains violation if if {");
    let forbidden = format!("{POLICY}\nx := time.now_ns()\n");
    for source in [broken, forbidden, "package x".to_owned()] {
        let answers = talk(&[request(Some(&source), &Digest::of(source.as_bytes()), &[json!({})])]);
        let WorkResponse::Done(done) = &answers[0] else { panic!("expected results, but got {answers:?}") };
        assert!(done.refusals[0].is_some());
        assert_eq!(done.results[0][0].outcome, Outcome::Unknown);
        assert_eq!(done.results[0][0].reasons[0], *done.refusals[0].as_ref().expect("was refused"));
    }
}

#[test]
fn a_source_under_a_foreign_digest_is_refused() {
    let answers = talk(&[request(Some(POLICY), &Digest::of(b"another"), &[])]);
    assert!(matches!(&answers[0], WorkResponse::Refused(why) if why.contains("has the digest")), "{answers:?}");
}

#[test]
fn what_is_no_request_is_refused_and_the_worker_goes_on() {
    let mut sent = encode(&json!({ "policies": 5 })).expect("is short enough");
    sent.extend(encode(&WorkRequest { policies: Vec::new(), inputs: Vec::new() }).expect("is short enough"));
    let answers = answers(&sent);
    assert!(matches!(&answers[0], WorkResponse::Refused(why) if why.contains("not understood")), "{answers:?}");
    assert!(matches!(&answers[1], WorkResponse::Done(_)), "{answers:?}");
    assert!(serve([0, 0, 0, 9, b'{'].as_slice(), Vec::new()).is_err(), "a message that breaks off is an error");
    assert!(decode_length([255, 0, 0, 0]).is_err(), "a message has a largest length");
}
