//! The server: address, CORS and currency.

use std::str::FromStr as _;

use axum::http::HeaderName;
use clap::Args;

use super::Listen;
use crate::http::{AccessLog, Origin};

/// The server.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server")]
pub struct ServerArgs {
    /// IP address and port to listen on; `:8080` listens on all addresses
    #[arg(long, value_name = "ADDRESS", env = "PROMOGRAPH_LISTEN", default_value = "127.0.0.1:8080", value_parser = Listen::from_str)]
    pub listen: Listen,

    /// Origins of web pages that may call /graphql from a browser (CORS): a comma-separated list, or * for all
    #[arg(long, value_name = "ORIGINS", env = "PROMOGRAPH_CORS_ORIGINS", value_delimiter = ',', value_parser = Origin::parse)]
    pub cors_origins: Vec<Origin>,

    /// Headers that these pages may send, in addition to those of common clients: a comma-separated list
    #[arg(long, value_name = "HEADERS", env = "PROMOGRAPH_CORS_HEADERS", value_delimiter = ',', value_parser = header_name)]
    pub cors_headers: Vec<HeaderName>,

    /// Requests that are logged: all, none, or a number N for one of N; failures of the server (status 500 and above) always are
    #[arg(long, value_name = "REQUESTS", env = "PROMOGRAPH_LOG_REQUESTS", default_value = "all", value_parser = AccessLog::parse)]
    pub log_requests: AccessLog,

    /// Currency of all amounts (ISO 4217), like EUR; webhooks do not contain it
    #[arg(long, value_name = "CODE", env = "PROMOGRAPH_CURRENCY", value_parser = currency)]
    pub currency: Option<String>,
}

fn header_name(text: &str) -> Result<HeaderName, String> {
    let expected = || "expected a comma-separated list of header names, like x-tenant; * is not allowed".to_owned();
    HeaderName::from_str(text.trim()).ok().filter(|name| name.as_str() != "*").ok_or_else(expected)
}

fn currency(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err("expected a currency code of three letters (ISO 4217), like EUR".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_a_name() {
        assert_eq!(header_name(" X-Tenant ").unwrap(), "x-tenant");
        for wrong in ["", "*", "x tenant", "x:y"] {
            assert!(header_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_currency_has_three_letters() {
        assert_eq!(currency("eur").unwrap(), "EUR");
        for wrong in ["", "€", "EURO", "E1R"] {
            assert!(currency(wrong).is_err(), "{wrong}");
        }
    }
}
