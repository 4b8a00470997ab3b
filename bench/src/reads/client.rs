//! Single requests, to look at their answers.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;

use super::query::Request;

const TIMEOUT: Duration = Duration::from_secs(30);

/// The `data` of the answer to a request, and the answer's length.
///
/// # Errors
/// When the answer has another status than 200, errors, or no data.
pub fn data(address: SocketAddr, request: &Request) -> anyhow::Result<(Value, u64)> {
    let mut post = ureq::post(format!("http://{address}{}", request.path))
        .config()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .build()
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json");
    if !request.token.is_empty() {
        post = post.header("authorization", format!("Bearer {}", request.token));
    }
    let mut answer = post.send(&request.body)?;
    let text = answer.body_mut().read_to_string()?;
    anyhow::ensure!(answer.status() == 200, "{} for {}: {text}", answer.status(), request.body);
    let mut answer: Value = serde_json::from_str(&text)?;
    anyhow::ensure!(answer["errors"].is_null(), "errors for {}: {text}", request.body);
    let data = answer["data"].take();
    anyhow::ensure!(data.is_object(), "no data for {}: {text}", request.body);
    Ok((data, text.len() as u64))
}
