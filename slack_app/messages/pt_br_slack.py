"""Brazilian Portuguese words about Slack; `pt_br` has all others."""

from .en import Strings

PT_BR_SLACK = Strings(
    slack_transient="O Slack não responde como devia ({error}). Tente de novo daqui a pouco.",
    slack_ratelimited="O Slack pede que este app vá mais devagar. Tente de novo em um minuto.",
    slack_user_disabled="O Slack não abre mensagens diretas com você ({error}): sua conta está "
    "desativada ou não é de uma pessoa. Peça a um administrador do workspace que a ative.",
    slack_messages_tab_disabled="As mensagens diretas deste app estão desligadas. Peça a quem "
    "cuida dele que cole o manifesto de novo: Slack, App Home, Messages Tab.",
    slack_channel_not_found="O Slack não me mostra esse canal: ele não existe, ou é privado e não "
    "estou nele. Escreva `/invite @WUTS` ali ou escolha outro canal.",
    slack_is_archived="Esse canal está arquivado. Desarquive-o ou escolha outro canal.",
    slack_not_in_channel="Não estou nesse canal. Escreva `/invite @WUTS` ali.",
    slack_restricted="O workspace não me deixa postar ali ({error}). Peça a um administrador que "
    "permita ou escolha outro canal.",
    slack_missing_scope="Falta a este app uma permissão no Slack ({scopes}). Peça a quem cuida "
    "dele que cole no manifesto o que `wuts-slack manifest` mostra e o instale de novo.",
    slack_token="O Slack recusa o token deste app ({error}). Peça a quem cuida dele que o instale "  # noqa: S106 - a sentence
    "de novo no workspace e configure o novo token.",
    slack_no_pictures="O workspace não me deixa enviar a imagem do QR ({error}). Use um código de "
    "vinculação.",
    slack_too_late="O Slack esperou demais por essa janela. Tente de novo.",
    unwritable_token="Não consigo postar alertas em <#{channel}>: o Slack recusa o token deste app "  # noqa: S106 - a sentence
    "({error}). Instale o app de novo e configure o novo token.",
    unwritable_restricted="Não consigo postar alertas em <#{channel}>: o workspace não me deixa "
    "({error}). Peça a um administrador que permita ou escolha outro canal.",
)
