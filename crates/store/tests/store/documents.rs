//! Documents in a folder and in an S3-compatible bucket: the same promises.

use bytes::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use shipworthy_model::Digest;
use shipworthy_store::StoreError;
use shipworthy_store::documents::Documents;
use std::path::{Path, PathBuf};

/// A store of documents and the folder that is behind it.
struct Place {
    documents: Documents,
    folder: PathBuf,
    _kept: tempfile::TempDir,
}

/// One store in a folder and one in a bucket.
async fn places() -> Vec<Place> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plain = Place {
        documents: Documents::open(&format!("file://{}", folder.path().display())).expect("it opens"),
        folder: folder.path().to_owned(),
        _kept: folder,
    };
    vec![plain, bucket().await]
}

async fn bucket() -> Place {
    let root = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(root.path().join("evidence")).expect("the bucket is made");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    let files = s3s_fs::FileSystem::new(root.path()).expect("the folder is there");
    let mut service = s3s::service::S3ServiceBuilder::new(files);
    service.set_auth(s3s::auth::SimpleAuth::from_single("key", "secret"));
    let service = service.build();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                // A client that goes away in the middle is no failure of the test.
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    let options = [
        ("aws_endpoint", endpoint.as_str()),
        ("aws_access_key_id", "key"),
        ("aws_secret_access_key", "secret"),
        ("aws_region", "us-east-1"),
        ("aws_allow_http", "true"),
    ];
    let documents = Documents::open_bucket("s3://evidence/prefix", options).expect("it opens");
    Place { documents, folder: root.path().join("evidence").join("prefix"), _kept: root }
}

#[tokio::test]
async fn what_was_kept_is_given_back_and_keeping_it_again_changes_nothing() {
    for place in places().await {
        let bytes = Bytes::from("evidence ".repeat(10_000));
        let digest = Digest::of(&bytes);
        place.documents.put(&digest, bytes.clone()).await.expect("kept");
        place.documents.put(&digest, bytes.clone()).await.expect("kept again");
        assert_eq!(place.documents.get(&digest).await.expect("there"), bytes);
        place.documents.check().await.expect("it answers");
        let file = file_below(&place.folder);
        let size = std::fs::metadata(&file).expect("there").len();
        assert!(size < 1_000, "compressed, but it takes {size} bytes");
    }
}

#[tokio::test]
async fn what_was_never_kept_is_not_found() {
    for place in places().await {
        let error = place.documents.get(&Digest::of(b"nothing")).await.expect_err("it is not there");
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_document_that_somebody_changed_is_not_given_as_if_it_were_right() {
    for place in places().await {
        let (right, wrong) = (Bytes::from("the right bytes"), Bytes::from("other bytes"));
        let (digest, other) = (Digest::of(&right), Digest::of(&wrong));
        place.documents.put(&digest, right).await.expect("kept");
        let kept = file_below(&place.folder);
        place.documents.put(&other, wrong).await.expect("kept");
        let forged = all_files_below(&place.folder).into_iter().find(|file| *file != kept).expect("a second file");
        std::fs::copy(forged, &kept).expect("overwritten behind the store's back");
        let error = place.documents.get(&digest).await.expect_err("its digest does not fit");
        assert!(error.to_string().contains("its bytes have another digest"), "{error}");
        std::fs::write(&kept, b"not even compressed").expect("overwritten");
        let error = place.documents.get(&digest).await.expect_err("it cannot be decompressed");
        assert!(matches!(error, StoreError::Corrupt(_)), "{error}");
    }
}

#[tokio::test]
async fn addresses_that_name_no_store_are_refused_with_what_was_expected() {
    for url in ["http://documents.example", "documents", "gs://bucket"] {
        let error = Documents::open(url).expect_err("no such kind of store").to_string();
        assert!(error.contains("expected `file:///folder` or `s3://bucket/prefix`"), "{error}");
    }
}

fn file_below(folder: &Path) -> PathBuf {
    all_files_below(folder).pop().expect("a file")
}

fn all_files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            files.extend(all_files_below(&path));
        } else if path.extension().is_some_and(|extension| extension == "zst") {
            files.push(path);
        }
    }
    files
}
