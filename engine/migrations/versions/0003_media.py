"""Tables of media."""

revision = "0003_media"
down_revision = "0002_messaging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
