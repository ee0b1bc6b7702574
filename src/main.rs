//! The `mesur` program: parse, telemetry, call, exit code.

use std::process::ExitCode;

/// Planning and decoding ask for many small pieces of memory: a fifth of their time went into the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Two rustls providers are in the tree; without a choice the first TLS connection would panic.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    mesur::cli::run(std::env::args_os())
}
