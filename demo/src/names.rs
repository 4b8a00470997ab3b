//! Made-up names. All addresses end in `example.com`, which nobody owns.

use super::random::mix;

const FIRST: [&str; 48] = [
    "Ada", "Amir", "Anna", "Bela", "Bruno", "Carla", "Chidi", "Clara", "Daniel", "Deniz", "Elif", "Emil", "Esther",
    "Farid", "Finn", "Grace", "Hana", "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kaito", "Karim", "Lena", "Liam",
    "Lucia", "Maja", "Marco", "Mei", "Mina", "Nadia", "Nils", "Noor", "Olga", "Oscar", "Paula", "Petra", "Rafael",
    "Rosa", "Samir", "Sofia", "Tariq", "Tess", "Uma", "Viktor", "Yara", "Zoe",
];
const LAST: [&str; 44] = [
    "Abel", "Adeyemi", "Bauer", "Berg", "Castro", "Costa", "Dahl", "Diallo", "Eriksen", "Ferrari", "Fischer", "Garcia",
    "Haddad", "Hansen", "Ito", "Jansen", "Kaya", "Keller", "Khan", "Kowalski", "Laurent", "Lindgren", "Lopez",
    "Marino", "Meyer", "Moreau", "Nakamura", "Novak", "Okafor", "Olsen", "Pereira", "Petrov", "Quist", "Rossi", "Sato",
    "Schmidt", "Silva", "Singh", "Tanaka", "Vargas", "Vogel", "Weber", "Yilmaz", "Zhang",
];
/// The most frequent ones several times.
const COUNTRIES: [&str; 28] = [
    "US", "US", "US", "US", "US", "US", "DE", "DE", "DE", "DE", "GB", "GB", "GB", "FR", "FR", "ES", "IT", "NL", "BR",
    "IN", "JP", "NG", "PL", "SE", "TR", "CA", "CA", "AU",
];
const COMPANY_KINDS: [&str; 8] = ["Media", "Reviews", "Studio", "Labs", "Consulting", "Partners", "Digital", "Blog"];

/// A person, derived from a number.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub first: &'static str,
    pub last: &'static str,
    pub country: &'static str,
    company_kind: &'static str,
}

impl Person {
    pub fn of(number: u64) -> Self {
        let bits = mix(number ^ 0x5eed);
        let pick = |list: &[&'static str], shift: u32| {
            list[usize::try_from((bits >> shift) % list.len() as u64).unwrap_or_default()]
        };
        Self {
            first: pick(&FIRST, 0),
            last: pick(&LAST, 12),
            country: pick(&COUNTRIES, 24),
            company_kind: pick(&COMPANY_KINDS, 36),
        }
    }

    /// An e-mail address, unique by `number`.
    pub fn email(&self, number: u64) -> String {
        format!("{}.{}{number}@example.com", self.first.to_lowercase(), self.last.to_lowercase())
    }

    /// A company named after the person.
    pub fn company(&self) -> String {
        format!("{} {}", self.last, self.company_kind)
    }

    /// The person's site, unique by `number`.
    pub fn website(&self, number: u64) -> String {
        format!("https://{}{number}.example.com", self.last.to_lowercase())
    }
}
