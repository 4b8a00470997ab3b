//! Where the server listens.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
};

use rustix::net::sockopt;
use tokio::net::{TcpListener, TcpSocket};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// An address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listen {
    /// This address alone.
    At(SocketAddr),
    /// All addresses of the machine, of IPv4 and IPv6.
    Everywhere(u16),
}

impl Listen {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the port is taken, or the address is none of this machine's.
    pub async fn bind(self) -> io::Result<TcpListener> {
        match self {
            Self::At(address) => TcpListener::bind(address).await,
            // Where IPv6 is switched off there are IPv4's alone.
            Self::Everywhere(port) => match TcpSocket::new_v6().and_then(|socket| both(socket, port)) {
                Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                    TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await
                }
                bound => bound,
            },
        }
    }
}

fn both(socket: TcpSocket, port: u16) -> io::Result<TcpListener> {
    socket.set_reuseaddr(true)?;
    sockopt::set_ipv6_v6only(&socket, false)?;
    socket.bind((Ipv6Addr::UNSPECIFIED, port).into())?;
    socket.listen(BACKLOG)
}

/// An address under which this machine itself reaches what listens there.
///
/// # Errors
/// When the socket does not tell its address.
pub fn reachable(listener: &TcpListener) -> io::Result<SocketAddr> {
    let mut address = listener.local_addr()?;
    if address.ip().is_unspecified() {
        let is_v6_only = address.is_ipv6() && sockopt::ipv6_v6only(listener)?;
        address.set_ip(if is_v6_only { IpAddr::V6(Ipv6Addr::LOCALHOST) } else { IpAddr::V4(Ipv4Addr::LOCALHOST) });
    }
    Ok(address)
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let port = |text: &str| text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let listen = match text.rsplit_once(':') {
            Some(("" | "*", digits)) => port(digits).map(Self::Everywhere),
            Some((name, digits)) if name.eq_ignore_ascii_case("localhost") => {
                port(digits).map(|port| Self::At((Ipv4Addr::LOCALHOST, port).into()))
            }
            _ => text.parse().ok().map(Self::At),
        };
        listen.ok_or_else(|| {
            "expected an IP address and a port, like 127.0.0.1:8080 or [::1]:8080, or :8080 for all addresses"
                .to_owned()
        })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(address) => address.fmt(f),
            Self::Everywhere(port) => write!(f, "port {port} of all addresses"),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpStream;

    use super::*;

    #[test]
    fn an_address_is_written_as_servers_commonly_take_it() {
        let at = |text: &str| Listen::At(text.parse().unwrap());
        for (text, expected) in [
            ("127.0.0.1:8080", at("127.0.0.1:8080")),
            ("0.0.0.0:8080", at("0.0.0.0:8080")),
            ("[::]:8080", at("[::]:8080")),
            (" localhost:80 ", at("127.0.0.1:80")),
            (":8080", Listen::Everywhere(8080)),
            ("*:8080", Listen::Everywhere(8080)),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        // A port alone does not say whether the world is meant.
        for wrong in ["", ":", "8080", ":x", ":+80", ":80800", "localhost", "localhost:", "example.com:80", "::1"] {
            assert!(wrong.parse::<Listen>().unwrap_err().starts_with("expected an IP address and a port"), "{wrong}");
        }
    }

    #[tokio::test]
    async fn what_is_told_to_a_person_can_be_reached() {
        for text in [":0", "*:0", "localhost:0", "0.0.0.0:0", "127.0.0.1:0"] {
            let listener = text.parse::<Listen>().unwrap().bind().await.unwrap();
            let address = reachable(&listener).unwrap();
            assert!(!address.ip().is_unspecified() && TcpStream::connect(address).await.is_ok(), "{text}: {address}");
        }
        let everywhere = Listen::Everywhere(0).bind().await.unwrap();
        let port = everywhere.local_addr().unwrap().port();
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok());
        if everywhere.local_addr().unwrap().is_ipv6() && TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.is_ok() {
            assert!(TcpStream::connect((Ipv6Addr::LOCALHOST, port)).await.is_ok());
        }
        let taken = Listen::Everywhere(port).bind().await.unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
    }
}
