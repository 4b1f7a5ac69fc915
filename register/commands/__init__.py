"""What the register's commands do, one module each."""
