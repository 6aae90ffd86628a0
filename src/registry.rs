//! One line to register a layer or an estimator.

/// Declares the files of a folder as modules and the enum of the types they hold.
///
/// Each line `file: Type,` stands for `mod file;`, a variant `Type(Type)` that serialises as
/// `{ "kind": "file", .. }`, and its conversion into the enum. The enum dereferences to the folder's
/// trait object. `FILES` lists the modules, so that a test can find a file that is not registered.
macro_rules! registry {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: $kind:ident { $($file:ident: $variant:ident,)+ }
    ) => {
        $(mod $file; pub use $file::$variant;)+

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "kind", rename_all = "kebab-case")]
        pub enum $name {
            $(#[doc = concat!("See [`", stringify!($variant), "`].")] $variant($variant),)+
        }

        impl $name {
            /// The registered files, in order.
            pub const FILES: &[&str] = &[$(stringify!($file)),+];

            /// One of each, at its defaults.
            pub fn defaults() -> Vec<Self> {
                vec![$($variant::default().into()),+]
            }
        }

        impl std::ops::Deref for $name {
            type Target = dyn $kind;

            fn deref(&self) -> &Self::Target {
                match self {
                    $($name::$variant(inner) => inner,)+
                }
            }
        }

        $(impl From<$variant> for $name {
            fn from(inner: $variant) -> Self {
                $name::$variant(inner)
            }
        })+
    };
}

pub(crate) use registry;
