//! The way to a PostgreSQL server, which can be cut.

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Passes connections on until it is dropped.
pub struct Road {
    /// The database at its end.
    pub url: String,
    cuts: watch::Sender<()>,
}

impl Road {
    /// A road to the database of this URL.
    pub async fn to(url: &str) -> Self {
        let (user, rest) = url.split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let (server, listener) = (server.to_owned(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let url = format!("{user}@{}/{name}", listener.local_addr().unwrap());
        let (cuts, mut cut) = watch::channel(());
        tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (mut near, _) = tokio::select! {
                    accepted = listener.accept() => accepted.unwrap(),
                    // Sent once more when the road is dropped: then all ends.
                    ended = closed(cut.clone()) => return ended,
                };
                cut.mark_unchanged();
                let (server, mut cut) = (server.clone(), cut.clone());
                connections.spawn(async move {
                    let mut far = TcpStream::connect(server).await.unwrap();
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        // Nothing goes through any more, and nobody is told.
                        Ok(()) = cut.changed() => std::future::pending().await,
                    }
                });
            }
        });
        Self { url, cuts }
    }

    /// Whatever is connected now leads nowhere any more: nothing is passed on, and nobody is told. New
    /// connections work.
    pub fn cut(&self) {
        self.cuts.send_replace(());
    }
}

async fn closed(mut cut: watch::Receiver<()>) {
    while cut.changed().await.is_ok() {}
}
