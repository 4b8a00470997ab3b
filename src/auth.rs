//! Who is asking: tokens, and the [`Viewer`] that a token makes.
//!
//! A token is a JWT, signed with our own key (HS256) or by an identity provider whose public keys the
//! settings name ([`identity`]). [`Authenticator::authenticate`] is the one way in, for every transport
//! alike, and every bad token gets the same answer; of one with a good signature it also says whether it expired or was
//! revoked. The log says why, once a minute for each subject, without the token ([`BadToken`]).
//!
//! Whoever has our key can mint tokens too, for example the backend of a partner portal; see [`token`] for the claims. Those that `promograph token issue` made are listed in the
//! table `api_token` and can be revoked one by one; see [`issued`]. Those of a provider can be revoked, too;
//! [`Revocable`] is what a [`Session`] keeps of its token to be asked about again: also whether the promoter whom
//! it was taken for is still found by what it says.

mod authenticator;
mod bad_token;
mod bearer;
mod claims;
pub mod identity;
pub mod issued;
mod key;
mod memory;
mod promoters;
mod session;
mod standing;
pub mod token;
mod viewer;

pub use authenticator::{Authenticator, Denied};
pub use bad_token::BadToken;
pub use bearer::bearer;
pub use key::Key;
pub use promoters::SoughtBy;
pub use session::Session;
pub use standing::Revocable;
pub use token::Rules;
pub use viewer::Viewer;
