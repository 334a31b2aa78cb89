"""What the law asks of records: what each field holds, how long it is kept, what a person is told of it."""
