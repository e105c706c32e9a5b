//! `bare_run HOME...`: a run with what is configured in each home, as the
//! command line does it, and nothing before or after: what `benches/window.sh`
//! compares the window's run with. Prints the milliseconds that each took.

use std::{path::Path, time::Instant};

use provisioning_settings::{
    engine::Engine,
    provisioning::{
        failure::Failure,
        run::{Options, State},
    },
    system::Services,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for home in std::env::args().skip(1) {
        let home = Path::new(&home);
        let took = runtime.block_on(run(home)).map_err(|f| f.to_string())?;
        let line = format!("{took:.3}\n");
        std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes())?;
    }
    Ok(())
}

async fn run(home: &Path) -> Result<f64, Failure> {
    let engine = Engine::new(Services::real(home, &home.join("site"))?);
    let began = Instant::now();
    let mut session = engine.start(Options::default());
    while let Some(state) = session.next().await {
        if let State::Done(done) = &*state {
            match &done.failure {
                Some(failure) => return Err(failure.clone()),
                None => break,
            }
        }
    }
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}
