"""Brazilian Portuguese words about alerts; `pt_br` has all others."""

from dataclasses import replace

from .pt_br_slack import PT_BR_SLACK

PT_BR_ALERTS = replace(
    PT_BR_SLACK,
    alert_needs_pairing="*{device}* foi desvinculado pelo celular",
    alert_offline="*{device}* está offline",
    alert_flapping="*{device}* cai o tempo todo",
    alert_device_gone="*{device}* não está mais no gateway",
    alert_gateway_down="O gateway de *{account}* está fora do ar",
    alert_token_refused="O gateway recusa o token de *{account}*",  # noqa: S106 - a sentence
    alert_device_refused="O gateway recusa *{device}*",
    alert_wrong_phone="*{device}* está vinculado a um celular diferente do esperado",
    alert_phone_unchecked="Não sei qual celular está vinculado a *{device}*",
    alert_wrong_device="O gateway de *{account}* responde sobre o dispositivo errado",
    alert_devices_missing="Faltam muitos dispositivos de *{account}* na lista do gateway",
    doing_needs_pairing="Não consigo reconectá-lo: alguém precisa vinculá-lo de novo.",
    doing_pairing="{owner} está vinculando agora.",
    doing_offline="Estou reconectando.",
    doing_offline_next="Estou reconectando: tentativa {count}, {time}.",
    doing_flapping="Eu o reconecto toda vez. Verifique a rede e a bateria do celular.",
    doing_device_gone="Alguém o apagou. Se foi engano, crie e vincule de novo.",
    doing_gateway_down="Continuo verificando. Os dispositivos se reconectam quando ele voltar.",
    doing_token_refused="Pergunto de novo a cada poucos minutos. "  # noqa: S106 - a sentence
    "Se continuar assim, troque o token nas configurações: nada funciona até o gateway aceitá-lo.",
    doing_device_refused="Ele pode ser de outro usuário: verifique de quem é. Os outros "
    "dispositivos não são afetados, e pergunto por este a cada poucos minutos.",
    doing_wrong_phone="Alguém precisa manter este celular ou desvinculá-lo.",
    doing_phone_unchecked="O gateway não informa o número. Confira o celular e então mantenha-o "
    "ou desvincule-o.",
    doing_wrong_device="Não acredito em nenhuma dessas respostas. Não desvincule nem desconecte "
    "nada ali, e avise quem cuida do gateway.",
    doing_devices_missing="Continuo verificando e não esqueci nenhum deles. Se ninguém os apagou, "
    "avise quem cuida do gateway.",
    alert_resolved="Resolvido {time}.",
    alert_reminder="Ainda em aberto: {what}.",
    alert_again="De novo em aberto: {what}.",
    alert_more="Mais {count}: {names}",
    alert_others="… e mais {count}",
    alert_left="{count} de {most} ainda em aberto",
    many_needs_pairing="{count} dispositivos de *{account}* foram desvinculados pelos celulares",
    many_offline="{count} dispositivos de *{account}* estão offline",
    many_flapping="{count} dispositivos de *{account}* caem o tempo todo",
    many_device_gone="{count} dispositivos de *{account}* não estão mais no gateway",
    many_device_refused="O gateway recusa {count} dispositivos de *{account}*",
    many_wrong_phone="{count} dispositivos de *{account}* estão vinculados a celulares diferentes "
    "dos esperados",
    many_phone_unchecked="Não sei quais celulares estão vinculados a {count} dispositivos de "
    "*{account}*",
    all_needs_pairing="Não consigo reconectá-los: alguém precisa vincular cada um de novo.",
    all_offline="Estou reconectando todos eles.",
    all_flapping="Eu os reconecto toda vez. Verifique a rede e a bateria dos celulares.",
    all_device_gone="Alguém os apagou. Se foi engano, crie e vincule-os de novo.",
    all_device_refused="Eles podem ser de outro usuário: verifique de quem são. Pergunto por eles "
    "a cada poucos minutos.",
    all_wrong_phone="Alguém precisa manter estes celulares ou desvinculá-los: veja `/wuts status`.",
    all_phone_unchecked="O gateway não informa os números. Confira os celulares e então mantenha "
    "ou desvincule cada um: veja `/wuts status`.",
    alert_must_pair="*{device}* precisa ser vinculado de novo",
    because_unlinked="O celular o desvinculou: alguém precisa vinculá-lo de novo.",
    because_temporary_ban="O WhatsApp bloqueou o número por um tempo. Espere: vincular de novo não "
    "adianta antes que isso acabe.",
    because_banned_until="O WhatsApp bloqueou o número até {time}. Vincular de novo não adianta "
    "antes disso.",
    because_replaced="Outro programa usa a sessão dele. Pare esse programa e depois reconecte o "
    "dispositivo.",
    because_keepalive_lost="O WhatsApp não responde sobre ele. Veja se o celular está ligado e com "
    "rede.",
    because_pair_error="Uma vinculação falhou no gateway. Vincule de novo: o celular diz o que "
    "houve.",
    because_dropped_with_most="A maioria dos dispositivos caiu de uma vez: o gateway pode ter "
    "reiniciado.",
    alert_taken="{by} assumiu {time}.",
    alert_taken_already="{by} já assumiu, {time}.",
    alert_nobody="Ninguém assumiu ainda.",
    alert_account_removed="*{account}* foi retirada das configurações deste app, então não cuido "
    "mais dela.",
    alert_over="Isso já passou.",
    nothing_to_pair="Não há mais nada a vincular ali, ou já há alguém cuidando de cada um.",
    muted_until="Silenciado até {time} por {by}: {reason}",
    muted_for_now="Silenciado por {by} até se recuperar: {reason}",
    mute_over="{by} tinha silenciado isto: {reason}",
    mute_ended="Não está mais silenciado e continua em aberto: {what}. {by} o tinha silenciado: "
    "{reason}",
    unmuted="Não está mais silenciado.",
    not_muted="Isso já não estava silenciado.",
    row_pairing="{owner} está vinculando",
    row_taken="{by} assumiu",
    row_muted="silenciado",
    mute_title="Silenciar alertas",
    mute_submit="Silenciar",
    mute_what="O que silenciar",
    mute_device="Todos os alertas de {device}",
    mute_kind="“{kind}” de todos os dispositivos de {account}",
    mute_kind_of_account="“{kind}”, de {account}",
    mute_account="Todos os alertas de {account}",
    mute_until="Por quanto tempo",
    mute_an_hour="Por uma hora",
    mute_morning="Até amanhã às 9h",
    mute_recovered="Até se recuperar",
    mute_reason="Por quê",
    mute_reason_hint="Todos que recebem estes alertas podem ler.",
    kind_needs_pairing="precisa ser vinculado de novo",
    kind_offline="fora do ar",
    kind_flapping="cai o tempo todo",
    kind_device_gone="não está mais no gateway",
    kind_device_refused="recusado pelo gateway",
    kind_wrong_phone="vinculado a outro celular",
    kind_phone_unchecked="celular desconhecido",
    kind_devices_missing="faltam muitos dispositivos",
    kind_wrong_device="responde sobre o dispositivo errado",
    kind_gateway_down="gateway fora do ar",
    kind_token_refused="token recusado",  # noqa: S106 - a kind
    subscriptions_title="Quem recebe alertas",
    subscriptions_none="Nenhum canal recebe alertas. Escreva `{command}` no canal que deve "
    "recebê-los.",
    subscribed="<@{user}> assinou para este canal {what}.",
    subscribed_already="Este canal já recebe isso: {what}.",
    unsubscribed="<@{user}> cancelou para este canal {what}.",
    unsubscribed_elsewhere="<#{channel}> não recebe mais {what}.",
    not_subscribed="Este canal não assina isso. `{command}` mostra o que há.",
    alerts_all="todos os alertas",
    alerts_of_device="os alertas de *{device}*",
    alerts_of_account="os alertas da conta *{account}*",
    alerts_of_kind="{what}: só “{kind}”",
    subscribed_by="por <@{user}>, {time}",
    route_of_settings="das configurações",
    route_next="depois <#{channel}>, se ninguém assumir por {minutes} min",
    no_such_kind="Não há esse tipo de alerta. Há: {kinds}",
    no_such_account="Não há conta com esse nome. Há: {accounts}",
    subscribe_where="Não consigo escrever aqui ({error}). Convide-me primeiro: `/invite @WUTS`",
    unwritable_channel_not_found="Não consigo postar alertas em <#{channel}>: o canal não existe "
    "mais, ou é privado e não estou nele. Escreva `/invite @WUTS` ali ou escolha outro canal.",
    unwritable_not_in_channel="Não consigo postar alertas em <#{channel}>: não estou nele. Escreva "
    "`/invite @WUTS` ali.",
    unwritable_is_archived="Não consigo postar alertas em <#{channel}>: ele está arquivado. "
    "Desarquive-o ou escolha outro.",
    unwritable_missing_scope="Não consigo postar alertas em <#{channel}>: falta uma permissão "
    "(scope) a este app. Alguém precisa colar o manifesto dele de novo e instalá-lo de novo.",
    unwritable_other="Não consigo postar alertas em <#{channel}>: o Slack diz {error}. Avise quem "
    "cuida deste app.",
)
