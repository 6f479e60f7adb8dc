"""Brazilian Portuguese."""

from ..supervisor.alerts.causes import AlertStep
from ..supervisor.alerts.notifications import News
from ..supervisor.events import AlertKind, Cause
from .words import KindWords, Words

PORTUGUESE = Words(
    language="pt-BR",
    time_format="%d/%m/%Y %H:%M %Z",
    kinds={
        AlertKind.NEEDS_PAIRING: KindWords(
            "{device} precisa ser vinculado de novo",
            "{count} dispositivos precisam ser vinculados de novo",
            "{device} está vinculado de novo",
            "{count} dispositivos estão vinculados de novo",
        ),
        AlertKind.OFFLINE: KindWords(
            "{device} está offline",
            "{count} dispositivos estão offline",
            "{device} voltou",
            "{count} dispositivos voltaram",
        ),
        AlertKind.FLAPPING: KindWords(
            "{device} cai o tempo todo",
            "{count} dispositivos caem o tempo todo",
            "{device} parou de cair",
            "{count} dispositivos pararam de cair",
        ),
        AlertKind.DEVICE_GONE: KindWords(
            "{device} não está mais no gateway",
            "{count} dispositivos não estão mais no gateway",
            "{device} voltou",
            "{count} dispositivos voltaram",
        ),
        AlertKind.DEVICE_REFUSED: KindWords(
            "O gateway recusa {device}",
            "O gateway recusa {count} dispositivos",
            "O gateway voltou a aceitar {device}",
            "O gateway voltou a aceitar {count} dispositivos",
        ),
        AlertKind.WRONG_PHONE: KindWords(
            "{device} está vinculado a um celular diferente do esperado",
            "{count} dispositivos estão vinculados a celulares diferentes dos esperados",
            "A dúvida sobre o celular de {device} foi resolvida",
            "As dúvidas sobre os celulares de {count} dispositivos foram resolvidas",
        ),
        AlertKind.PHONE_UNCHECKED: KindWords(
            "Não dá para saber qual celular está vinculado a {device}",
            "Não dá para saber quais celulares estão vinculados a {count} dispositivos",
            "A dúvida sobre o celular de {device} foi resolvida",
            "As dúvidas sobre os celulares de {count} dispositivos foram resolvidas",
        ),
        AlertKind.DEVICES_MISSING: KindWords(
            *("Faltam muitos dispositivos de {account} na lista do gateway",) * 2,
            *("Os dispositivos de {account} que faltavam voltaram",) * 2,
        ),
        AlertKind.WRONG_DEVICE: KindWords(
            *("O gateway de {account} responde sobre o dispositivo errado",) * 2,
            *("O gateway de {account} voltou a responder sobre o dispositivo certo",) * 2,
        ),
        AlertKind.GATEWAY_DOWN: KindWords(
            *("O gateway de {account} está fora do ar",) * 2,
            *("O gateway de {account} voltou",) * 2,
        ),
        AlertKind.TOKEN_REFUSED: KindWords(
            *("O gateway recusa o token de {account}",) * 2,
            *("O gateway voltou a aceitar o token de {account}",) * 2,
        ),
    },
    news={
        News.RAISED: "{what}",
        News.ESCALATED: "Ninguém agiu: {what}",
        News.MUTE_ENDED: "Não está mais silenciado: {what}",
        News.ACKNOWLEDGED: "Alguém assumiu: {what}",
        News.UPDATED: "Atualização: {what}",
        News.REMINDED: "Ainda em aberto: {what}",
        News.RESOLVED: "{what}",
    },
    causes={
        Cause.UNLINKED: "O celular o desvinculou.",
        Cause.TEMPORARY_BAN: "O WhatsApp bloqueou o número dele por um tempo.",
        Cause.REPLACED: "Outro programa usa a sessão dele.",
        Cause.KEEPALIVE_LOST: "O WhatsApp não responde sobre ele.",
        Cause.PAIR_ERROR: "Uma vinculação falhou no gateway.",
        Cause.DROPPED_WITH_MOST: "A maioria dos dispositivos caiu ao mesmo tempo.",
    },
    steps={
        AlertStep.PAIR: "Vincule-o de novo.",
        AlertStep.WAIT: "Não há o que fazer por enquanto: as tentativas continuam.",
        AlertStep.WAIT_UNTIL: "Espere até lá. Vincular de novo antes não adianta.",
        AlertStep.CLOSE_OTHER_SESSION: "Pare o outro programa e então reconecte o dispositivo.",
        AlertStep.CHECK_PHONE: "Veja se o celular está ligado e com internet e abra o WhatsApp.",
        AlertStep.KEEP_OR_UNLINK: "Mantenha o celular vinculado ou desvincule-o.",
        AlertStep.CHECK_DEVICE: "Pergunte quem o apagou no gateway.",
        AlertStep.CHECK_TOKEN: "Troque o token da conta.",
        AlertStep.CHECK_OWNER: "Ele pode ser de outro usuário: use o token desse usuário.",
        AlertStep.ASK_OPERATOR: "Fale com quem cuida do gateway.",
    },
    since="Desde {time}, conta {account}.",
    lasted="De {time} a {end}, conta {account}.",
    until="Até {time}.",
    taken="{name} está cuidando disso.",
    taken_with_note="{name} está cuidando disso: {text}",
    was_muted="Foi silenciado por {name}.",
    was_muted_for="Foi silenciado por {name}: {text}",
    in_account="Conta {account}:",
    over="Resolvidos: {names}.",
    more="e mais {count}",
    look="Veja {url}",
    test_title="WUTS: isto é um teste",
    test_body="Se você lê isto, as notificações para {name} chegam. Não há nada de errado.",
)
