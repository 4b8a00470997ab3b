//! The API as async-graphql's own services see it.

use std::sync::Arc;

use async_graphql::{Data, Executor as _, Request};
use futures_util::StreamExt as _;
use promograph::{
    auth::{Session, Viewer},
    graphql::{Api, ApiConfig, async_graphql_executor::Executor},
};
use serde_json::{Value, json};

use super::{LEADS, lead, seen, tell};
use crate::support::{TestApp, TestDatabase, eventually, on_both};

fn session(viewer: Viewer) -> Session {
    Session { viewer, subject: "portal".to_owned(), expires_at: i64::MAX, revocable: None }
}

fn data(viewer: Viewer) -> Arc<Data> {
    let mut data = Data::default();
    data.insert(session(viewer));
    Arc::new(data)
}

#[tokio::test]
async fn the_executor_answers_as_http_does_and_only_with_a_session() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        tell(&app, lead(1, 7, 5, "signup")).await;
        tell(&app, lead(2, 8, 6, "signup")).await;
        let executor = Executor::new(TestApp::api(&test), 10);
        for document in [
            "{ leads { nodes { firstPromoterId state email } totalCount } }",
            "{ viewer { role } lead(uid: \"none\") { id } }",
            "{ nothing }",
            "mutation { replayEvents(input: { types: [\"none\"] }) { replayed } }",
            "subscription { leadChanged { id } }",
        ] {
            for viewer in [Viewer::Admin, Viewer::Promoter { id: 5 }] {
                let answer = executor.execute(Request::new(document).data(session(viewer))).await;
                let mut answer = serde_json::to_value(answer).unwrap();
                let http = app.client(viewer).query(document).await.body;
                if http.get("data").is_none() {
                    // Where nothing was run the crate writes this all the same.
                    assert_eq!(answer.as_object_mut().unwrap().remove("data"), Some(Value::Null));
                }
                assert_eq!(answer, http, "{document}");
            }
        }
        let stranger = serde_json::to_value(executor.execute(Request::new("{ viewer { role } }")).await).unwrap();
        assert_eq!(stranger["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        let stranger = executor.execute_stream(Request::new("{ viewer { role } }"), None).collect::<Vec<_>>().await;
        assert_eq!(json!(stranger)[0]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn a_stream_of_the_executor_ends_when_it_is_dropped_and_so_many_run_at_a_time() {
    on_both(async |test: TestDatabase| {
        let app = TestApp::new(&test);
        let api = Api::new(ApiConfig { changes: app.changes.clone(), ..TestApp::api_config(&test) });
        let executor = Executor::new(api, 1);
        let mut stream = executor.execute_stream(Request::new(LEADS), Some(data(Viewer::Promoter { id: 5 })));
        let first = tokio::spawn(async move {
            let first = stream.next().await;
            (stream, first)
        });
        eventually("the subscription is heard", async || app.changes.subscriber_count() == 1).await;
        assert_eq!(executor.running(), 1);
        let refused = executor.execute_stream(Request::new(LEADS), Some(data(Viewer::Admin))).collect::<Vec<_>>().await;
        assert_eq!(json!(refused)[0]["errors"][0]["extensions"]["rule"], "operations");
        tell(&app, lead(1, 7, 6, "signup")).await;
        tell(&app, lead(2, 8, 5, "signup")).await;
        let (stream, first) = first.await.unwrap();
        assert_eq!(seen(&json!(first)["data"]).0, 8, "within the viewer's scope");
        drop(stream);
        assert_eq!(executor.running(), 0);
        eventually("the work stops", async || app.changes.subscriber_count() == 0).await;
    })
    .await;
}
