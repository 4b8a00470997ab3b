//! Where the server listens, and to whom its answers may be shown.

use std::net::SocketAddr;

use axum::http::HeaderValue;
use clap::Args;

/// The server.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server")]
pub struct ServerArgs {
    /// The address and port to listen on
    #[arg(long, value_name = "ADDRESS", env = "PROMOGRAPH_LISTEN", default_value = "127.0.0.1:8080", value_parser = address)]
    pub listen: SocketAddr,

    /// Web pages that may call /graphql from a browser: a comma list of origins, or *
    #[arg(long, value_name = "ORIGINS", env = "PROMOGRAPH_CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<Origin>,

    /// The currency of all money, as ISO 4217 names it (EUR): no webhook tells it
    #[arg(long, value_name = "CODE", env = "PROMOGRAPH_CURRENCY", value_parser = currency)]
    pub currency: Option<String>,
}

/// Where a web page comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Any page.
    Any,
    /// Pages of this scheme, host and port, as a browser sends it in `Origin`.
    Page(HeaderValue),
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.trim().parse().map_err(|_| "expected an IP address and a port, like 127.0.0.1:8080 or [::]:8080".to_owned())
}

fn origin(text: &str) -> Result<Origin, String> {
    let text = text.trim();
    if text == "*" {
        return Ok(Origin::Any);
    }
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let is_host =
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte));
    let value = HeaderValue::from_str(&text.to_ascii_lowercase());
    match value {
        Ok(value) if is_host => Ok(Origin::Page(value)),
        _ => Err("expected a comma list of origins like https://portal.example.com, without a path, or *".to_owned()),
    }
}

fn currency(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err("expected three letters of ISO 4217, like EUR".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        let page = |text| Origin::Page(HeaderValue::from_static(text));
        assert_eq!(origin("https://Portal.example.com").unwrap(), page("https://portal.example.com"));
        assert_eq!(origin(" http://localhost:5173 ").unwrap(), page("http://localhost:5173"));
        assert_eq!(origin("*").unwrap(), Origin::Any);
        for wrong in ["", "portal.example.com", "https://", "https://portal.example.com/", "ftp://portal.example.com"] {
            assert!(origin(wrong).is_err(), "{wrong}");
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
