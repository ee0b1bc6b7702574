//! The `mesur` program: parse, telemetry, call, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Two rustls providers are in the tree; without a choice the first TLS connection would panic.
    let _already_installed = rustls::crypto::ring::default_provider().install_default();
    mesur::cli::run(std::env::args_os())
}
