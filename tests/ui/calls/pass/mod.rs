mod arrays_to_predict;
mod folds_by_their_number;
mod labels_that_are_no_integers;
mod metric_by_its_name;
mod metric_of_other_targets;
mod rows_in_double_precision;
mod strategy_by_its_name;
