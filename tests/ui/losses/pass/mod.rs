mod closure_for_other_targets;
mod sigmoid_among_choices;
mod sigmoid_behind_an_alias;
mod softmax_last;
mod softmax_of_numbers;
