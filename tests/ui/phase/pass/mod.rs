mod each_batch_in_its_phase;
mod each_forward_with_its_tape;
mod evaluate_a_fitted_network;
mod monte_carlo_by_name;
