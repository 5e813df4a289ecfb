"""Where childcare comes from: one module for each kind of file, each giving a Reading."""
