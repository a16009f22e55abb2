"""How the machine is that Agora runs on."""
