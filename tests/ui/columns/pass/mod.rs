mod columns_of_rows;
