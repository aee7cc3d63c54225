//! Documents as received, kept by digest: compressed, immutable, durable before anybody is told that they arrived.

use crate::StoreError;
use bytes::Bytes;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, path::Path};
use shipworthy_model::Digest;
use std::sync::Arc;

/// A folder or an S3-compatible bucket full of documents.
#[derive(Clone, Debug)]
pub struct Documents {
    objects: Arc<dyn ObjectStore>,
}

/// The bytes of a document as they are stored, which are compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Their digest.
    pub digest: Digest,
    /// How many there are.
    pub size_bytes: u64,
}

impl Stored {
    fn of(bytes: &[u8]) -> Self {
        Self { digest: Digest::of(bytes), size_bytes: bytes.len() as u64 }
    }
}

/// zstd level: 3 compresses JSON six-fold at some 350 MB/s; higher levels cost more than they save here.
const COMPRESSION_LEVEL: i32 = 3;

impl Documents {
    /// Opens the store at `url`: `file:///folder`, or `s3://bucket/prefix` where the binary has that feature; access
    /// keys and an endpoint for S3 come from the usual `AWS_*` variables.
    ///
    /// # Errors
    /// When the address is of neither kind or the folder cannot be made.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(folder) = url.strip_prefix("file://") {
            return Self::open_folder(std::path::Path::new(folder));
        }
        if url.starts_with("s3://") {
            return Self::open_bucket(url, std::iter::empty::<(&str, &str)>());
        }
        Err(StoreError::Configuration(
            "the documents' address has an unknown scheme: expected `file:///folder` or `s3://bucket/prefix`"
                .to_owned(),
        ))
    }

    /// Opens the store in a folder, which is made when it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open_folder(folder: &std::path::Path) -> Result<Self, StoreError> {
        let failed = |error: &dyn std::fmt::Display| {
            StoreError::Configuration(format!("the documents' folder `{}` cannot be used: {error}", folder.display()))
        };
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let folder_store = object_store::local::LocalFileSystem::new_with_prefix(folder)
            .map_err(|error| failed(&error))?
            // What was acknowledged is never lost: the file and its folder are on disk before the answer.
            .with_fsync(true);
        Ok(Self { objects: Arc::new(folder_store) })
    }

    /// Opens the store in an S3-compatible bucket, `s3://bucket/prefix`. `options` are the `AWS_*` variables in lower
    /// case and stronger than those of the environment.
    ///
    /// # Errors
    /// When the address or an option cannot be used.
    #[cfg(feature = "s3")]
    pub fn open_bucket<'o>(
        url: &str,
        options: impl IntoIterator<Item = (&'o str, &'o str)>,
    ) -> Result<Self, StoreError> {
        let failed = |error: object_store::Error| {
            StoreError::Configuration(format!("the documents' address `{url}` cannot be used: {error}"))
        };
        let rest = url.strip_prefix("s3://").unwrap_or_default();
        let prefix = rest.split_once('/').map_or("", |(_, prefix)| prefix);
        let mut builder = object_store::aws::AmazonS3Builder::from_env().with_url(url);
        for (name, value) in options {
            builder = builder.with_config(name.parse().map_err(failed)?, value);
        }
        let bucket = builder.build().map_err(failed)?;
        Ok(Self { objects: Arc::new(object_store::prefix::PrefixStore::new(bucket, prefix)) })
    }

    /// Says that this binary has no S3.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "s3"))]
    pub fn open_bucket<'o>(
        _url: &str,
        _options: impl IntoIterator<Item = (&'o str, &'o str)>,
    ) -> Result<Self, StoreError> {
        Err(StoreError::Configuration("this binary was built without S3: expected `file:///folder`".to_owned()))
    }

    /// Keeps `bytes` under their digest, and says what is stored. Bytes that are there already are left alone.
    ///
    /// # Errors
    /// When they could not be made durable.
    pub async fn put(&self, digest: &Digest, bytes: Bytes) -> Result<Stored, StoreError> {
        let path = path(digest);
        if self.objects.head(&path).await.is_ok() {
            return self.stored(digest).await;
        }
        let compressed = tokio::task::spawn_blocking(move || zstd::bulk::compress(&bytes, COMPRESSION_LEVEL))
            .await
            .map_err(|error| StoreError::Corrupt(format!("compression was interrupted: {error}")))?
            .map_err(|error| StoreError::Corrupt(format!("compression failed: {error}")))?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        let stored = Stored::of(&compressed);
        match self.objects.put_opts(&path, compressed.into(), options).await {
            Ok(_) => Ok(stored),
            // Somebody else kept the same bytes in the meantime.
            Err(object_store::Error::AlreadyExists { .. }) => self.stored(digest).await,
            Err(error) => Err(error.into()),
        }
    }

    /// What is stored of the document with this digest, whether or not it is what was kept.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when nothing is.
    pub async fn stored(&self, digest: &Digest) -> Result<Stored, StoreError> {
        Ok(Stored::of(&self.objects.get(&path(digest)).await?.bytes().await?))
    }

    /// The bytes with this digest, checked against it, and what is stored of them.
    ///
    /// # Errors
    /// As [`Documents::get`].
    pub async fn get_stored(&self, digest: &Digest) -> Result<(Vec<u8>, Stored), StoreError> {
        let compressed = self.objects.get(&path(digest)).await?.bytes().await?;
        let stored = Stored::of(&compressed);
        Ok((decompressed(digest, compressed).await?, stored))
    }

    /// The bytes with this digest, checked against it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when they are not there, [`StoreError::Corrupt`] when they are not what was kept.
    pub async fn get(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        let compressed = self.objects.get(&path(digest)).await?.bytes().await?;
        decompressed(digest, compressed).await
    }

    /// Whether the store answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.objects.list_with_delimiter(Some(&Path::from("ready"))).await?;
        Ok(())
    }
}

async fn decompressed(digest: &Digest, compressed: Bytes) -> Result<Vec<u8>, StoreError> {
    let expected = digest.clone();
    let bytes = tokio::task::spawn_blocking(move || -> Result<Vec<u8>, String> {
        let bytes = zstd::stream::decode_all(compressed.as_ref()).map_err(|error| error.to_string())?;
        if Digest::of(&bytes) == expected { Ok(bytes) } else { Err("its bytes have another digest".to_owned()) }
    })
    .await
    .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    bytes.map_err(|why| StoreError::Corrupt(format!("document `{digest}`: {why}")))
}

/// `ab/ab12….zst`: 256 folders keep each of them small.
fn path(digest: &Digest) -> Path {
    let hex = digest.hex();
    Path::from_iter([&hex[..2], &format!("{hex}.zst")])
}
