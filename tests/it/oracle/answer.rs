//! What the server answered.

use std::collections::HashMap;

use serde_json::{Value, value::RawValue};

use super::interpret::Expected;

/// An answer: `data` as it was written, and `errors`.
#[derive(Debug)]
pub struct Answer {
    data: Option<String>,
    errors: Vec<ReportedError>,
    /// Why the body could not be read.
    broken: Option<String>,
}

#[derive(Debug)]
struct ReportedError {
    code: String,
    path: Vec<Value>,
}

impl Answer {
    /// Reads a response.
    pub fn read(body: &[u8]) -> Self {
        let parts: HashMap<String, Box<RawValue>> = match serde_json::from_slice(body) {
            Ok(parts) => parts,
            Err(error) => return Self { data: None, errors: Vec::new(), broken: Some(error.to_string()) },
        };
        let errors: Vec<Value> = parts
            .get("errors")
            .map(|errors| serde_json::from_str(errors.get()).expect("`errors` is a list"))
            .unwrap_or_default();
        let told = |error: &Value| ReportedError {
            code: error["extensions"]["code"].as_str().unwrap_or_default().to_owned(),
            path: error["path"].as_array().cloned().unwrap_or_default(),
        };
        let data = parts.get("data").map(|data| data.get().to_owned());
        Self { data, errors: errors.iter().map(told).collect(), broken: None }
    }

    /// Whether the document exceeds a limit, which the interpreter does not implement.
    pub fn is_over_a_limit(&self) -> bool {
        self.errors.iter().any(|error| error.code == "LIMIT_EXCEEDED")
    }

    /// The difference to the expected response.
    pub fn differs_from(&self, expected: &Expected) -> Option<String> {
        if let Some(broken) = &self.broken {
            return Some(format!("the body is not JSON: {broken}"));
        }
        match expected {
            Expected::Refused(code) => {
                let refused = self.data.is_none() && !self.errors.is_empty();
                let fits = refused && self.errors.iter().all(|error| error.code == *code && error.path.is_empty());
                (!fits).then(|| format!("the request is to be refused with {code}"))
            }
            Expected::Answered { data, failures } => {
                let fits = failures.len() == self.errors.len()
                    && failures.iter().zip(&self.errors).all(|(failure, error)| {
                        failure.codes.contains(error.code.as_str()) && error.path == failure.path
                    });
                if !fits {
                    return Some("`errors` differ".to_owned());
                }
                (self.data.as_ref() != Some(data)).then(|| "`data` differs".to_owned())
            }
        }
    }
}
