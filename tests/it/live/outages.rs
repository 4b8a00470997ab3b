//! The database goes away while somebody listens.

use promograph::{
    projection::{Changes, Notice, drain},
    time::now_ms,
};

use super::{LEADS, admin, lead, seen, tell};
use crate::support::{Cluster, TestApp, TestDatabase, live::Wire};

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_during_an_outage_is_sent_when_it_is_over() {
    let cluster = Cluster::start().await;
    let test = TestDatabase::on(&cluster).await;
    let app = TestApp::new(&test);
    let mut wire = Wire::open(app.listen().await, &admin(&app)).await;
    let mut stream = app.admin().events(LEADS).await;
    wire.subscribe(&app, "1", LEADS).await;
    tell(&app, lead(1, 7, 5, "signup")).await;
    assert_eq!((seen(&wire.data("1").await).0, seen(&stream.data().await).0), (7, 7));
    // Applied, and told by nobody.
    app.deliver(lead(2, 8, 5, "signup").to_string()).await;
    drain(&app.database, &Changes::new(), now_ms()).await.unwrap();
    cluster.stop().await;
    app.changes.publish(Notice::Lost);
    // The first reads fail meanwhile.
    tokio::task::yield_now().await;
    cluster.resume().await;
    // What was sent last may come again.
    while seen(&wire.data("1").await).0 != 8 {}
    while seen(&stream.data().await).0 != 8 {}
}
