"""Apache Fineract's cases against the servicing fold: its words become terms and events, its tables are compared."""
