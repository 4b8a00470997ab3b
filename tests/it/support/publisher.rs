//! A place that publishes a key set, and counts who asks: over http on this machine, or over https with
//! a certificate of an authority of its own.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, http::StatusCode};
use hyper_util::rt::TokioIo;
use promograph::{
    http::{ConnectionLimiter, serve},
    limits::ConnectionLimits,
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivatePkcs8KeyDer, version::TLS12, version::TLS13},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::provider::key_set;

/// Publishes a key set at a URL.
pub struct Publisher {
    pub url: String,
    requests: Arc<AtomicUsize>,
    answer: Arc<Mutex<(StatusCode, String)>>,
}

impl Publisher {
    pub async fn start(keys: &[Value]) -> Self {
        let (publisher, routes) = Self::with(keys);
        let (listener, address) = listen().await;
        tokio::spawn(async move {
            let (settings, forever) = (ConnectionLimits::default(), CancellationToken::new());
            serve(listener, routes, &settings, ConnectionLimiter::new(100), &forever).await;
        });
        Self { url: format!("http://{address}/keys"), ..publisher }
    }

    /// Over https, as `localhost`.
    pub async fn start_tls(keys: &[Value], authority: &Authority) -> Self {
        let (publisher, routes) = Self::with(keys);
        let (listener, address) = listen().await;
        let acceptor = authority.acceptor("localhost");
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (acceptor, routes) = (acceptor.clone(), routes.clone());
                tokio::spawn(async move {
                    // Who does not trust the certificate hangs up.
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    let answer = hyper::service::service_fn(move |request| routes.clone().oneshot(request));
                    let connection = hyper::server::conn::http1::Builder::new();
                    let _ = connection.serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Self { url: format!("https://localhost:{}/keys", address.port()), ..publisher }
    }

    fn with(keys: &[Value]) -> (Self, Router) {
        let (requests, answer) = (Arc::<AtomicUsize>::default(), Arc::new(Mutex::new((StatusCode::OK, key_set(keys)))));
        let (counted, given) = (requests.clone(), answer.clone());
        let routes = Router::new().fallback(async move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let (status, body) = given.lock().unwrap().clone();
            (status, [("location", "/elsewhere")], body)
        });
        (Self { url: String::new(), requests, answer }, routes)
    }

    /// Answers everybody with these bytes and then with one byte after the other, and never ends.
    pub async fn dripping(start: &'static str) -> String {
        let (listener, address) = listen().await;
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                tokio::spawn(async move {
                    let mut request = [0; 1024];
                    let _ = stream.read(&mut request).await;
                    let mut sent = stream.write_all(start.as_bytes()).await;
                    while sent.is_ok() {
                        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                        sent = stream.write_all(b" ").await;
                    }
                });
            }
        });
        format!("http://{address}/keys")
    }

    pub fn publish(&self, keys: &[Value]) {
        self.answer(StatusCode::OK, key_set(keys));
    }

    pub fn answer(&self, status: StatusCode, body: String) {
        *self.answer.lock().unwrap() = (status, body);
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A certificate authority, as a company has its own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// Called this.
    pub fn new(name: &str) -> Self {
        let (key, mut params) = (KeyPair::generate().unwrap(), CertificateParams::default());
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Its own certificate.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Speaks TLS with a certificate for this name.
    fn acceptor(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
