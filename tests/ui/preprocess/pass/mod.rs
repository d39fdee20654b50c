mod scalers_at_the_head;
