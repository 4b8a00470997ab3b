//! Authentication: bearer tokens, and the [`Viewer`] that a token gives.
//!
//! A token is a JWT, signed with our own key (HS256, [`token`]) or by an identity provider whose public keys the
//! settings name ([`identity`]). [`Authenticator::authenticate`] is the only entry, for every transport. All invalid
//! tokens get the same answer; if the signature is valid, the answer also says whether the token expired or was
//! revoked. The log has the reason, once a minute for each subject, without the token ([`BadToken`]).
//!
//! Everyone who has our key can mint tokens, for example the backend of a partner portal. Tokens of `promograph token
//! issue` are rows of the table `api_token` and can be revoked one by one ([`issued`]), tokens of a provider by their
//! `jti` or `sub` ([`identity::revoke`]). A [`Session`] keeps what is needed to ask again whether its token is still
//! valid ([`Revocable`]), including whether the claims still identify the same promoter.

mod authenticator;
mod bad_token;
mod bearer;
mod claims;
mod error;
pub mod identity;
pub mod issued;
mod promoters;
mod revocations;
mod session;
mod signing_key;
pub mod token;
mod ttl_cache;

pub use authenticator::{AuthError, Authenticator};
pub use bad_token::BadToken;
pub use bearer::bearer;
pub use entity::api_token::Role;
pub use promoters::PromoterLookup;
pub use revocations::Revocable;
pub use session::{Session, Viewer, ViewerClass};
pub use signing_key::SigningKey;
pub use token::TokenRules;
pub use ttl_cache::CACHE_TTL;
